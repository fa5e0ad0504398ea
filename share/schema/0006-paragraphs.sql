-- The tree over the paragraphs of a seal's text, by which one folio is proven without
-- those of four thousand other employers.

-- Interior nodes: complete subtrees of every fourth level. Made with the seal; a text
-- of fewer than 16 paragraphs has none.
CREATE TABLE seal_node (
  seal       INTEGER NOT NULL,
  level      INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  hash       BLOB NOT NULL,
  PRIMARY KEY (seal, level, number)
) STRICT, WITHOUT ROWID;
