"""The steps by which the tables of the record came to be, in order; each is taken as a whole or not at all."""
