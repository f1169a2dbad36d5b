-- 班额档次的上下限（统计报表栏目）；未分档的一行没有上限。
-- The bounds of the size bands of the statistical form; a row that is not split into bands has no upper bound.
select
  b.band,
  b.least,
  b.most
from (
  values
    ('0-25', 0, 25),
    ('26-30', 26, 30),
    ('31-35', 31, 35),
    ('36-40', 36, 40),
    ('41-45', 41, 45),
    ('46-50', 46, 50),
    ('51-55', 51, 55),
    ('56-60', 56, 60),
    ('61-65', 61, 65),
    ('66-', 66, cast(null as int)),
    ('all', 0, cast(null as int))
) as b (band, least, most)
