CREATE TABLE one (a integer);
