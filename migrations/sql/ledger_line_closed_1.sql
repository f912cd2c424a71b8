-- A line that is added to a book is closed as far as the book is: nothing is dated into a period
-- whose balances are kept already, and in which this line had none.
CREATE FUNCTION ledger_line_closed()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $body$
BEGIN
  -- A closing under way holds the book's row: wait for it, and then see what it has closed.
  PERFORM FROM book b WHERE b.site_id = NEW.site_id AND b.book_no = NEW.book_no FOR KEY SHARE;
  UPDATE ledger_account a SET closed_through = q.through
    FROM (SELECT max(q.through) AS through
            FROM ledger_period q WHERE q.site_id = NEW.site_id AND q.book_no = NEW.book_no) q
   WHERE a.site_id = NEW.site_id AND a.account_id = NEW.account_id AND q.through IS NOT NULL;
  RETURN NULL;
END
$body$
