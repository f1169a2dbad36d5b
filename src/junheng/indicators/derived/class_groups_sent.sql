-- 班级：逐班报送的一班一行（least = most = 班额）；没有逐班报送的学段用班额分档，一档一行。
-- Classes: one row a class where classes were sent (least = most = its pupils); otherwise one row a size band.
select
  r.county,
  coalesce(s.school, r.school) as school,
  r.stage,
  r.class,
  r.grade,
  cast(1 as bigint) as classes,
  r.pupils as least,
  r.pupils as most,
  true as exact
from returned_classes as r
left join sites as s on s.county = r.county and s.site = r.school
union all
select
  r.county,
  coalesce(s.school, r.school) as school,
  r.stage,
  r.band as class,
  r.grade,
  r.classes,
  cast(b.least as bigint) as least,
  cast(b.most as bigint) as most,
  cast(null as boolean) as exact
from returned_class_sizes as r
left join sites as s on s.county = r.county and s.site = r.school
left join bands as b on b.band = r.band
left join single_classes as n on n.county = r.county and n.school = coalesce(s.school, r.school) and n.stage = r.stage
where n.school is null
