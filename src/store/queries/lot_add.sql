INSERT INTO lot (product, lot, expiry, status, status_seq, first_seq, receipts)
VALUES (?1, ?2, ?3, 'released', NULL, ?4, 1)
