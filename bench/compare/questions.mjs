// The questions of the comparison: each as a Stave program and as DuckDB's SQL, with the same columns in the same order.
// `user`, `day` and `genre` are values that the data holds, chosen by compare.mjs.
export function questions({user, day, genre}) {
  const joined = 'streams s LEFT JOIN tracks t USING (track_id)';
  return [
    {
      name: 'Q1 daily genre KPIs, exact unique listeners',
      stq: `from streams | summarize listen_count = count(), unique_listeners = distinct(user_id),
        total_listening_ms = sum(coalesce(duration_sec * 1000, track.duration_ms)),
        popularity_index = avg(track.popularity) by day, genre = track.track_genre`,
      sql: `SELECT CAST(listen_time AS DATE) AS day, track_genre AS genre, count(*), count(DISTINCT user_id),
        sum(coalesce(duration_sec * 1000, duration_ms)), avg(popularity)
        FROM ${joined} GROUP BY 1, 2 ORDER BY 1, 2 NULLS LAST`,
    },
    {
      name: 'Q2 top 3 songs per genre and day',
      stq: `from streams | summarize plays = count() by day, genre = track.track_genre, track_id, track.track_name
        | top 3 by plays desc, track_name, track_id per day, genre`,
      sql: `WITH c AS (SELECT CAST(listen_time AS DATE) AS day, track_genre AS genre, track_id, track_name, count(*) AS plays
          FROM ${joined} GROUP BY ALL),
        r AS (SELECT *, row_number() OVER (PARTITION BY day, genre ORDER BY plays DESC, track_name NULLS LAST, track_id) AS n FROM c)
        SELECT day, genre, track_id, track_name, plays FROM r WHERE n <= 3
        ORDER BY day, genre NULLS LAST, plays DESC, track_name NULLS LAST, track_id`,
    },
    {
      name: 'Q3 top 5 genres per day',
      stq: `from streams | summarize listen_count = count() by day, genre = track.track_genre
        | top 5 by listen_count desc, genre per day`,
      sql: `WITH c AS (SELECT CAST(listen_time AS DATE) AS day, track_genre AS genre, count(*) AS n FROM ${joined} GROUP BY ALL),
        r AS (SELECT *, row_number() OVER (PARTITION BY day ORDER BY n DESC, genre NULLS LAST) AS k FROM c)
        SELECT day, genre, n FROM r WHERE k <= 5 ORDER BY day, n DESC, genre NULLS LAST`,
    },
    {
      name: 'Q4 hourly: unique listeners, plays, distinct tracks',
      stq: `from streams | summarize listeners = distinct(user_id), plays = count(), tracks = distinct(track_id)
        by hour = bucket(listen_time, 1h)`,
      sql: `SELECT date_trunc('hour', listen_time) AS hour, count(DISTINCT user_id), count(*), count(DISTINCT track_id)
        FROM streams GROUP BY 1 ORDER BY 1`,
    },
    {
      name: 'Q5 top artist per hour',
      stq: 'from streams | summarize top_artist = top_value(track.artists) by hour = bucket(listen_time, 1h)',
      sql: `WITH c AS (SELECT date_trunc('hour', listen_time) AS hour, artists, count(*) AS n FROM ${joined}
          WHERE artists IS NOT NULL GROUP BY ALL),
        r AS (SELECT *, row_number() OVER (PARTITION BY hour ORDER BY n DESC, artists) AS k FROM c)
        SELECT hour, artists FROM r WHERE k = 1 ORDER BY hour`,
    },
    {
      name: 'Q6 royalty plays by month, artist, country',
      stq: `from streams | where duration_sec >= 30
        | summarize plays = count() by month = bucket(listen_time, month), artist_id = track.artist_id, country_code`,
      sql: `SELECT CAST(date_trunc('month', listen_time) AS DATE) AS month, artist_id, country_code, count(*)
        FROM ${joined} WHERE duration_sec >= 30 GROUP BY ALL ORDER BY 1, 2 NULLS LAST, 3 NULLS LAST`,
    },
    {
      name: "Q7b one user's plays",
      stq: `from streams | where user_id == ${user} | select listen_time, track_id, duration_sec | sort listen_time, track_id, duration_sec`,
      sql: `SELECT listen_time, track_id, duration_sec FROM streams WHERE user_id = ${user} ORDER BY ALL NULLS LAST`,
    },
    {
      name: 'Q8 one day, one genre',
      stq: `from streams | where day == @${day} and track.track_genre == "${genre}"
        | summarize plays = count(), listeners = distinct(user_id), seconds = sum(duration_sec)`,
      sql: `SELECT count(*), count(DISTINCT user_id), sum(duration_sec) FROM ${joined}
        WHERE listen_time >= DATE '${day}' AND listen_time < DATE '${day}' + INTERVAL 1 DAY AND track_genre = '${genre}'`,
    },
    {
      name: 'Q9 filtered sum over everything',
      stq: 'from streams | where platform == "ios" and completion_pct >= 50.00 | summarize plays = count(), seconds = sum(duration_sec)',
      sql: "SELECT count(*), sum(duration_sec) FROM streams WHERE platform = 'ios' AND completion_pct >= 50.00",
    },
    {
      name: 'Q10 retention by cohort',
      stq: `from streams | derive activity_date = date(listen_time), cohort_date = min(date(listen_time)) over (per user_id)
        | summarize active_users = distinct(user_id) by cohort_date, activity_date`,
      sql: `WITH f AS (SELECT user_id, min(CAST(listen_time AS DATE)) AS cohort FROM streams GROUP BY 1)
        SELECT cohort, CAST(listen_time AS DATE) AS activity, count(DISTINCT user_id)
        FROM streams JOIN f USING (user_id) GROUP BY 1, 2 ORDER BY 1, 2`,
    },
    {
      name: 'Q11 users in several countries',
      stq: `from streams | summarize countries = distinct(country_code) by user_id | where countries > 3 | summarize users = count()`,
      sql: `SELECT count(*) FROM (SELECT user_id FROM streams GROUP BY 1 HAVING count(DISTINCT country_code) > 3)`,
    },
  ];
}
