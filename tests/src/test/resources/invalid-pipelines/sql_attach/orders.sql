ATTACH '/tmp/x.db'
