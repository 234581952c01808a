SELECT MAX(number)
  FROM container
