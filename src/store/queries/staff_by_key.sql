SELECT staff_key,
       staff,
       name,
       roles,
       titles
  FROM staff
 WHERE staff_key = ?1
