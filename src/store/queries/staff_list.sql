SELECT staff_key,
       staff,
       name,
       roles,
       titles
  FROM staff
 ORDER BY staff_key NULLS FIRST
