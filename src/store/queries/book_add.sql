INSERT INTO book (one, id, clinic, currency, format, zone)
VALUES (1, ?1, ?2, ?3, ?4, ?5)
