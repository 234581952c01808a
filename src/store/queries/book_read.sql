SELECT id,
       clinic,
       currency,
       format,
       zone
  FROM book
 WHERE one = 1
