SELECT place_key,
       place,
       kind
  FROM place
 ORDER BY place_key NULLS FIRST
