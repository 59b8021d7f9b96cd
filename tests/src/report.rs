//! What a bench says: one table, and the same rows as JSON.

use std::fmt::Write as _;

use serde::Serialize;

/// One measured figure.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub name: String,
    /// The product's figure.
    pub value: f64,
    pub unit: &'static str,
    /// The same work done bare, in the same run, where there is such a thing.
    pub limit: Option<f64>,
    /// value / limit.
    pub ratio: Option<f64>,
    /// What the value (or, where there is a limit, the ratio) must not exceed.
    pub goal: Option<f64>,
    pub met: Option<bool>,
}

/// The rows of one bench.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub rows: Vec<Row>,
}

impl Report {
    /// A figure without a goal.
    pub fn tell(&mut self, name: &str, value: f64, unit: &'static str) {
        self.rows.push(Row { name: name.to_owned(), value, unit, limit: None, ratio: None, goal: None, met: None });
    }

    /// A figure that must not exceed `goal`.
    pub fn at_most(&mut self, name: &str, value: f64, unit: &'static str, goal: f64) {
        let met = Some(value <= goal);
        self.rows.push(Row { name: name.to_owned(), value, unit, limit: None, ratio: None, goal: Some(goal), met });
    }

    /// A figure beside what the same work costs bare, without a goal.
    pub fn ratio(&mut self, name: &str, value: f64, unit: &'static str, limit: f64) {
        let ratio = Some(value / limit);
        self.rows.push(Row { name: name.to_owned(), value, unit, limit: Some(limit), ratio, goal: None, met: None });
    }

    /// A figure that must not exceed `goal` times what the same work costs bare.
    pub fn ratio_at_most(&mut self, name: &str, value: f64, unit: &'static str, limit: f64, goal: f64) {
        let ratio = value / limit;
        self.rows.push(Row {
            name: name.to_owned(),
            value,
            unit,
            limit: Some(limit),
            ratio: Some(ratio),
            goal: Some(goal),
            met: Some(ratio <= goal),
        });
    }

    /// Whether every goal was met.
    pub fn all_met(&self) -> bool {
        self.rows.iter().all(|row| row.met != Some(false))
    }

    /// The table, for people.
    pub fn table(&self) -> String {
        let width = self.rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(4).max(4);
        let mut text = format!(
            "{:<width$} {:>14} {:<8} {:>12} {:>7} {:>7}  {}\n",
            "name", "value", "unit", "bare", "ratio", "goal", "met"
        );
        let figure = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), short);
        for row in &self.rows {
            let met = row.met.map_or("–", |met| if met { "yes" } else { "NO" });
            let _ = writeln!(
                text,
                "{:<width$} {:>14} {:<8} {:>12} {:>7} {:>7}  {met}",
                row.name,
                short(row.value),
                row.unit,
                figure(row.limit),
                figure(row.ratio),
                figure(row.goal),
            );
        }
        text
    }
}

fn short(value: f64) -> String {
    match value.abs() {
        large if large >= 1000.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// The middle of some measurements; 0 for none.
pub fn median(values: &[f64]) -> f64 {
    percentile(values, 50.0)
}

/// The value below which `percent` of the measurements lie.
pub fn percentile(values: &[f64], percent: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let at = (last as f64 * percent / 100.0).round() as usize;
    sorted[at.min(last)]
}

/// The most memory this process ever held, in MB; `None` where the system does not say.
pub fn peak_memory_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_over_its_goal_is_not_met() {
        let mut report = Report::default();
        report.ratio_at_most("intake", 30.0, "s", 10.0, 2.5);
        assert!(!report.all_met());
        assert!(report.table().contains("NO"));
    }

    #[test]
    fn percentiles_are_of_the_sorted_values() {
        let values = [5.0, 1.0, 4.0, 2.0, 3.0];
        assert_eq!((median(&values), percentile(&values, 100.0), percentile(&[], 50.0)), (3.0, 5.0, 0.0));
    }
}
