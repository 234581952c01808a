SELECT p.product_key,
       p.product,
       p.name,
       p.category,
       p.use_kind,
       p.unit,
       p.pack,
       p.dose,
       p.opened_life,
       p.retired,
       g.gtin,
       g.packs,
       a.field,
       a.value
  FROM product p
  LEFT JOIN gtin g ON g.product = p.product
  LEFT JOIN attribute a ON a.product = p.product
 WHERE p.product_key = ?1
