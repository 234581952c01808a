INSERT INTO place (place_key, place, kind)
VALUES (?1, ?2, ?3)
