-- 公用经费的核定人数：每个账户、校点、学段一行；不足规定人数的校点按规定人数核定，两个学段的按学生数分摊。
-- For how many pupils public funds are due: a row an account, site and stage. A small site counts as a full hundred, shared by its stages.
select
  s.county,
  s.school,
  s.site,
  s.stage,
  s.pupils,
  t.site_pupils,
  a.least_site_pupils,
  case
    when t.site_pupils >= l.{funds.small_school.below} then cast(s.pupils as decimal(20, 8))
    when s.pupils = t.site_pupils then cast(l.{funds.small_school.counted_as} as decimal(20, 8))
    when s.stage = 'primary'
    then cast(cast(l.{funds.small_school.counted_as} as double) * s.pupils / t.site_pupils as decimal(20, 8))
    else cast(l.{funds.small_school.counted_as} as decimal(20, 8))
      - cast(cast(l.{funds.small_school.counted_as} as double) * t.primary_pupils / t.site_pupils as decimal(20, 8))
  end as funded_pupils,
  c.kind,
  f.public_funds_yuan
from site_stages as s
left join site_totals as t on t.county = s.county and t.school = s.school and t.site = s.site
left join account_totals as a on a.county = s.county and a.school = s.school
left join limits_none as l on l.county = s.county
left join site_accounts as o on o.county = s.county and o.site = s.school
left join returned_schools as c on c.county = s.county and c.school = coalesce(o.owner, s.school)
left join returned_finance as f on f.county = s.county and f.school = s.school
