SELECT s.staff_key,
       s.staff,
       s.name,
       s.roles,
       s.titles,
       q.field,
       q.value
  FROM staff s
  LEFT JOIN qualification q ON q.staff_key = s.staff_key
 WHERE s.staff_key = ?1
 ORDER BY q.field NULLS FIRST
