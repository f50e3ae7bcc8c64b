SELECT n FROM events) AS a, (SELECT 1 AS b
