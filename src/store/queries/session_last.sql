SELECT MAX(number)
  FROM session
