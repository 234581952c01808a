INSERT INTO gtin (gtin, product, packs)
VALUES (?1, ?2, ?3)
