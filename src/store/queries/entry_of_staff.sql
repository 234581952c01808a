SELECT seq,
       action,
       field,
       old_value,
       new_value,
       detail
  FROM entry
 WHERE action IN ('staff.add', 'staff.edit')
   AND seq < ?1
 ORDER BY seq
