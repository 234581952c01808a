INSERT INTO client (client)
VALUES (?1)
