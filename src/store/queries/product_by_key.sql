SELECT product_key,
       product,
       name,
       category,
       use_kind,
       unit,
       pack,
       dose,
       opened_life,
       retired
  FROM product
 WHERE product_key = ?1
