-- 各类学校按定义设有的学段：没有报送在校生的学校仍列为待填，不会消失。
-- The stages that a kind of school has by definition, so that a school that has not sent its pupils is listed and does not vanish.
select
  k.kind,
  k.stage
from (
  values
    ('kindergarten', 'preschool'),
    ('primary', 'primary'),
    ('teaching_point', 'primary'),
    ('junior', 'junior'),
    ('nine_year', 'primary'),
    ('nine_year', 'junior'),
    ('twelve_year', 'primary'),
    ('twelve_year', 'junior'),
    ('twelve_year', 'senior'),
    ('complete_secondary', 'junior'),
    ('complete_secondary', 'senior'),
    ('senior', 'senior'),
    ('special', 'special')
) as k (kind, stage)
