-- 学校学段名单：有学生（或学生数未填）的学段；完全没有报送在校生的学校，按类别列出其学段。
-- The school-stages: those with pupils (or with pupils not filled in); a school that sent none is listed by its kind.
select
  e.county,
  e.school,
  e.stage,
  e.pupils,
  e.boarders,
  e.migrant,
  e.left_behind,
  e.disabled
from enrolled as e
where e.pupils is null or e.pupils > 0
union all
select
  u.county,
  u.school,
  u.stage,
  cast(null as bigint) as pupils,
  cast(null as bigint) as boarders,
  cast(null as bigint) as migrant,
  cast(null as bigint) as left_behind,
  cast(null as bigint) as disabled
from unsent_stages as u
