-- 校舍与场地：不单独计校数的校区并入所属学校；有一行未填，合计即为未知。没有这类校区的学校原样列出。
-- Premises: sites that are not judged apart are merged into their school; one empty value makes the sum unknown. Others stand as they are.
select
  r.county,
  r.school,
  cast(r.site_area_m2 as decimal(20, 4)) as site_area_m2,
  cast(r.floor_area_m2 as decimal(20, 4)) as floor_area_m2,
  cast(r.teaching_area_m2 as decimal(20, 4)) as teaching_area_m2,
  cast(r.indoor_sports_area_m2 as decimal(20, 4)) as indoor_sports_area_m2,
  cast(r.sports_ground_area_m2 as decimal(20, 4)) as sports_ground_area_m2,
  cast(r.rebuilt_sports_area_m2 as decimal(20, 4)) as rebuilt_sports_area_m2,
  cast(r.leased_sports_area_m2 as decimal(20, 4)) as leased_sports_area_m2,
  cast(
    case
      when r.lease_contract is not null and r.lease_reserved and r.lease_safe_route
        and r.lease_walk_minutes <= l.{conditions.sports_area.leased_walk.maximum}
      then r.leased_sports_area_m2
      when r.leased_sports_area_m2 is not null then 0
    end as decimal(20, 4)
  ) as leased_sports_fit_m2,
  r.over_density_document,
  r.multimedia_rooms,
  r.classrooms,
  cast(r.outdoor_area_m2 as decimal(20, 4)) as outdoor_area_m2,
  cast(r.activity_area_m2 as decimal(20, 4)) as activity_area_m2,
  r.in_use_since
from returned_premises as r
left join merging as a on a.county = r.county and a.code = r.school
left join limits_none as l on l.county = r.county
where a.code is null
union all
select
  r.county,
  s.school,
  case when count(*) = count(r.site_area_m2) then cast(sum(r.site_area_m2) as decimal(20, 4)) end as site_area_m2,
  case when count(*) = count(r.floor_area_m2) then cast(sum(r.floor_area_m2) as decimal(20, 4)) end as floor_area_m2,
  case when count(*) = count(r.teaching_area_m2) then cast(sum(r.teaching_area_m2) as decimal(20, 4)) end as teaching_area_m2,
  case when count(*) = count(r.indoor_sports_area_m2) then cast(sum(r.indoor_sports_area_m2) as decimal(20, 4)) end as indoor_sports_area_m2,
  case when count(*) = count(r.sports_ground_area_m2) then cast(sum(r.sports_ground_area_m2) as decimal(20, 4)) end as sports_ground_area_m2,
  case when count(*) = count(r.rebuilt_sports_area_m2) then cast(sum(r.rebuilt_sports_area_m2) as decimal(20, 4)) end as rebuilt_sports_area_m2,
  case when count(*) = count(r.leased_sports_area_m2) then cast(sum(r.leased_sports_area_m2) as decimal(20, 4)) end as leased_sports_area_m2,
  cast(
    sum(
      case
        when r.lease_contract is not null and r.lease_reserved and r.lease_safe_route
          and r.lease_walk_minutes <= l.{conditions.sports_area.leased_walk.maximum}
        then r.leased_sports_area_m2
        when r.leased_sports_area_m2 is not null then 0
      end
    ) as decimal(20, 4)
  ) as leased_sports_fit_m2,
  max(r.over_density_document) as over_density_document,
  case when count(*) = count(r.multimedia_rooms) then cast(sum(r.multimedia_rooms) as bigint) end as multimedia_rooms,
  case when count(*) = count(r.classrooms) then cast(sum(r.classrooms) as bigint) end as classrooms,
  case when count(*) = count(r.outdoor_area_m2) then cast(sum(r.outdoor_area_m2) as decimal(20, 4)) end as outdoor_area_m2,
  case when count(*) = count(r.activity_area_m2) then cast(sum(r.activity_area_m2) as decimal(20, 4)) end as activity_area_m2,
  max(r.in_use_since) as in_use_since
from returned_premises as r
join merging as s on s.county = r.county and s.code = r.school
left join limits_none as l on l.county = r.county
group by r.county, s.school
