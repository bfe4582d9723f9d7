"""What is wrong with a document or an event, in words: loaded when there is something to check or to complain of."""
