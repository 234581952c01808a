SELECT b.product,
       b.lot,
       l.expiry,
       l.status,
       l.status_seq,
       l.first_seq,
       b.place,
       b.quantity,
       c.opened_at,
       c.offset_min,
       c.discard_by
  FROM balance b
  LEFT JOIN lot l
    ON l.product = b.product
   AND l.lot = b.lot
  LEFT JOIN container c
    ON c.number = CASE WHEN SUBSTR(b.place, 1, 12) = 'container:K-'
                       THEN CAST(SUBSTR(b.place, 13) AS BIGINT) END
 WHERE b.product = ?1
 ORDER BY b.lot NULLS FIRST, b.place NULLS FIRST
