INSERT INTO product
       (product_key, product, name, category, use_kind, unit, pack, dose, opened_life, retired)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)
