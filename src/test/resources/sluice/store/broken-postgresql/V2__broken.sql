CREATE TABLE two (a integer);
INSERT INTO nowhere VALUES (1);
