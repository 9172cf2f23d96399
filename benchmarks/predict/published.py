"""Our scorer against published scores of the `windowedGaussian` detector of NAB v1.1.

It raises an alert where a value lies so far above the mean of all before it that the normal
distribution function is 1 in double precision. Only files shorter than its window of 6,400 points
are compared, and only those in which it found or mistook something.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc

import numpy as np

from benchmarks.predict.nab import PROFILES, Series, raw_score

STANDARD = {
    "artificialWithAnomaly/art_load_balancer_spikes.csv": -0.6924446095227346,
    "realAWSCloudwatch/ec2_cpu_utilization_24ae8d.csv": -1.266678759349383,
    "realAWSCloudwatch/ec2_cpu_utilization_53ea38.csv": -0.14142319611668508,
    "realAWSCloudwatch/ec2_cpu_utilization_ac20cd.csv": 0.8606718242697022,
    "realAWSCloudwatch/ec2_cpu_utilization_c6585a.csv": -1.3200000000000003,
    "realAWSCloudwatch/ec2_cpu_utilization_fe7f93.csv": 0.6387577917723906,
    "realAWSCloudwatch/ec2_disk_write_bytes_1ef3de.csv": -4.190896785522053,
    "realAWSCloudwatch/ec2_disk_write_bytes_c0d644.csv": -1.0959985303155564,
    "realAWSCloudwatch/ec2_network_in_257a54.csv": 0.8606718242697022,
    "realAWSCloudwatch/ec2_network_in_5abac7.csv": -3.5219322351911635,
    "realAWSCloudwatch/elb_request_count_8c0756.csv": -0.13844919792440225,
    "realAWSCloudwatch/grok_asg_anomaly.csv": -1.247930964293478,
    "realAWSCloudwatch/rds_cpu_utilization_cc0c53.csv": -0.13844919792440225,
    "realAWSCloudwatch/rds_cpu_utilization_e47b3b.csv": -0.13844919792440225,
    "realAdExchange/exchange-3_cpc_results.csv": 2.5026632611866138,
    "realAdExchange/exchange-3_cpm_results.csv": 0.862098587352162,
    "realAdExchange/exchange-4_cpc_results.csv": 0.2922884634276035,
    "realAdExchange/exchange-4_cpm_results.csv": 1.274710362684976,
    "realKnownCause/ec2_request_latency_system_failure.csv": -0.06591011872780705,
    "realKnownCause/rogue_agent_key_hold.csv": -2.44,
    "realKnownCause/rogue_agent_key_updown.csv": -1.3964908955014117,
    "realTraffic/TravelTime_387.csv": -1.7959813307852819,
    "realTraffic/occupancy_t4013.csv": 1.725221520228401,
}
TOLERANCE = 1e-9


def agreement(files: Sequence[Series]) -> tuple[int, int]:
    """How many of the published scores our scorer gives, of how many compared."""
    known = [one for one in files if one.name in STANDARD]
    agreeing = sum(
        abs(raw_score(one, _alerts(one), PROFILES["standard"]) - STANDARD[one.name]) < TOLERANCE
        for one in known
    )
    return agreeing, len(known)


def _alerts(series: Series) -> list[int]:
    values = np.array(series.values)
    found = []
    for position in range(1, len(values)):
        mean, spread = values[:position].mean(), values[:position].std() or 1e-6
        if values[position] > mean:
            likelihood = 1 - 0.5 * erfc((values[position] - mean) / spread / 1.4142)
            if likelihood >= 1.0:
                found.append(position)
    return found
