"""What a failed test shows, in any language: the last exchanges, why each was answered so, and how to ask again."""
