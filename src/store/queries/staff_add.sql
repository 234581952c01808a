INSERT INTO staff (staff_key, staff, name, roles, titles)
VALUES (?1, ?2, ?3, ?4, ?5)
