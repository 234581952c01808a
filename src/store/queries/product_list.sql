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
 ORDER BY product_key NULLS FIRST
