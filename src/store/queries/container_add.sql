INSERT INTO container
       (number, product, lot, opened_seq, opened_at, offset_min, discard_by, undone)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)
