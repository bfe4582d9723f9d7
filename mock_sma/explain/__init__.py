"""Why an answer is what it is: sentences made from what a call took down, when somebody reads them."""
