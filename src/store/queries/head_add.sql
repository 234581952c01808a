INSERT INTO head (one, size, frontier, recorded_at)
VALUES (1, ?1, ?2, ?3)
