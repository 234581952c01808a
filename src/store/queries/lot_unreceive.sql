UPDATE lot
   SET receipts = receipts - CAST(1 AS BIGINT),
       first_seq = coalesce((SELECT MIN(e.seq)
                               FROM entry e
                              WHERE e.product = ?1
                                AND e.lot = ?2
                                AND e.action = 'lot.receive'
                                AND NOT EXISTS (SELECT 1 FROM entry c WHERE c.corrects = e.seq)),
                            first_seq)
 WHERE product = ?1
   AND lot = ?2
