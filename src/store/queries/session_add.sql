INSERT INTO session
       (number, client, protocol, sha256, area, place, pen, staff, started_at, started_offset,
        state)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'open')
