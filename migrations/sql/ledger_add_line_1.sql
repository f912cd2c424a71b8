-- Add a line to a book, with its empty account; a line that is there stays as it is.
--
-- The account is closed as far as the book is: nothing is dated into a period whose balances are
-- kept already, and in which this line had none. Answers whether the book is there.
CREATE FUNCTION ledger_add_line(
  p_site integer, p_book text, p_line integer, p_account uuid, p_goods text, p_hs text,
  p_name text, p_unit text, p_origin text)
RETURNS boolean
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $body$
BEGIN
  -- A closing under way holds the book's row: wait for it, and then see what it has closed.
  PERFORM FROM book b WHERE b.site_id = p_site AND b.book_no = p_book FOR KEY SHARE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO ledger_account (
      site_id, account_id, family, in_, pre_in, out, pre_out, seq, recorded_at, value_at,
      closed_through)
    SELECT p_site, p_account, 'book', 0, 0, 0, 0, 0, 'epoch', 'epoch', max(q.through)
      FROM ledger_period q WHERE q.site_id = p_site AND q.book_no = p_book
    ON CONFLICT DO NOTHING;
  INSERT INTO book_line (
      site_id, book_no, line_no, account_id, goods_no, hs_code, name, unit, origin)
    VALUES (p_site, p_book, p_line, p_account, p_goods, p_hs, p_name, p_unit, p_origin)
    ON CONFLICT DO NOTHING;
  IF FOUND THEN  -- its account may have been opened by itself before
    UPDATE ledger_account a SET closed_through = q.through
      FROM (SELECT max(q.through) AS through
              FROM ledger_period q WHERE q.site_id = p_site AND q.book_no = p_book) q
     WHERE a.site_id = p_site AND a.account_id = p_account
       AND a.closed_through IS DISTINCT FROM q.through;
  END IF;
  RETURN true;
END
$body$
