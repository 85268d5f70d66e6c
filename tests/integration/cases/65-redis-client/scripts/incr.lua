return {redis.call('INCR', KEYS[1]), ARGV[1]}
