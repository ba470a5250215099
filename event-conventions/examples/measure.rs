use event_conventions::*;
fn main() {
    let (mut total, mut bad, mut given, mut right, mut base, mut base_right) = (0,0,0,0,0,0);
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
            let c: Vec<&str> = line.split('\t').collect();
            let (kind, name, accept, r) = (c[0], c[1], c[2] == "accept", c.get(3).copied().unwrap_or(""));
            let res = if kind == "domain" { check_domain(name) } else { check_action(name) };
            total += 1;
            if res.is_ok() != accept { bad += 1; println!("VERDICT {name} should {accept}"); }
            if accept { continue }
            let set: Vec<&str> = r.split(' ').filter(|s| !s.is_empty()).collect();
            let Err(v) = res else { continue };
            let s = v.suggestion();
            let opt = set.first() == Some(&"?"); if !set.is_empty() && !opt { base += 1 }
            match s {
                Some(s) => { given += 1; if set.contains(&s.as_str()) { right += 1; if !opt { base_right += 1 } } else { println!("WRONG {name} -> {s}   want {r}"); } }
                None => if !set.is_empty() && !opt { println!("NONE {name}   want {r}") },
            }
        }
    }
    println!("verdicts {}/{total}  suggestions right {right}/{given} ({:.1}%)  base {base_right}/{base} ({:.1}%)", total-bad, 100.0*right as f64/given as f64, 100.0*base_right as f64/base as f64);
}
