import { assume } from './assumptions.ts';
import { type FlowContext, s3Requests } from './flow-lines.ts';
import { type Flows, MONTH_DAYS } from './flows.ts';
import { type Line, line } from './line.ts';
import { type Resource, textOf } from './resource.ts';

/**
 * What the account-wide services of bootstrap charge for this environment's use. A service that bootstrap does not switch
 * on costs nothing here; `account` are the resources of bootstrap.
 */
export function accountLines(context: FlowContext, account: readonly Resource[]): Line[] {
  const has = (type: string) => account.some((resource) => resource.type === type);
  return [
    ...account.filter(({ type }) => type === 'aws_cloudtrail').flatMap((trail) => trailLines(context, trail)),
    ...(has('aws_guardduty_detector') ? guardDutyLines(context, account) : []),
    ...(has('aws_config_configuration_recorder') ? configLines(context) : []),
    ...(has('aws_securityhub_account') ? hubLines(context) : []),
    ...(has('aws_ecr_repository')
      ? [line('Monitoring and backup', 'container images', 'ecr.storage', assume('imageGb'))]
      : []),
  ];
}

const section = 'Security and audit';

/**
 * One trail: its copy of management events is free, but for where it goes; data events of the archive are not. An account
 * with a trail of its own pays for this second copy, which is not counted here.
 */
function trailLines({ flows, auditDays }: FlowContext, trail: Resource): Line[] {
  const dataEvents = flows.archivePuts + flows.archiveGets;
  const events = dataEvents + (recordsReads(trail) ? managementEvents(flows) : assume('otherManagementEvents'));
  const gbPerDay = (events * assume('trailEventKb')) / 1e6 / MONTH_DAYS;
  const lines = [
    line(section, 'CloudTrail data events of the archive', 'cloudtrail.data-events', dataEvents),
    line(section, `trail, ${auditDays} days`, 's3.standard', gbPerDay * auditDays),
  ];
  if (trail.properties['cloud_watch_logs_group_arn'] === undefined) return lines;
  const gb = (events * assume('trailEventLogKb')) / 1e6;
  return [...lines, line(section, 'trail in CloudWatch Logs', 'logs.ingest', gb)];
}

/** Whether the trail's management events hold reads, of which the calls for logs are nearly all. */
function recordsReads(trail: Resource): boolean {
  const writesOnly = JSON.stringify(trail.properties['advanced_event_selector'] ?? []).includes('"readOnly"');
  return !writesOnly;
}

function managementEvents(flows: Flows): number {
  return flows.rdsCalls + assume('otherManagementEvents');
}

function guardDutyLines(context: FlowContext, account: readonly Resource[]): Line[] {
  const { flows, fleet, awake, instances } = context;
  const databaseVcpus = instances * assume('vcpusPerInstance') * awake;
  const features = account
    .filter(({ type }) => type === 'aws_guardduty_detector_feature')
    .map((resource) => textOf(resource, 'name'));
  const priced: Record<string, Line> = {
    S3_DATA_EVENTS: line(section, 'GuardDuty: S3 data events', 'guardduty.s3-events', s3Requests(flows)),
    EKS_AUDIT_LOGS: line(section, 'GuardDuty: EKS audit', 'guardduty.eks-audit', assume('eksAuditEvents')),
    RDS_LOGIN_EVENTS: line(section, 'GuardDuty: logins of the fleet', 'guardduty.rds-vcpu', databaseVcpus),
    RUNTIME_MONITORING: line(section, 'GuardDuty: runtime', 'guardduty.runtime', fleet.vcpus * awake),
  };
  const gb = fleet.nodes * awake * assume('flowLogGbPerNode');
  return [
    line(
      section,
      'GuardDuty: management events, RDS log calls among them',
      'guardduty.management-events',
      managementEvents(flows),
    ),
    line(section, 'GuardDuty: flow and DNS logs', 'guardduty.flow-dns', gb),
    ...features.flatMap((name) => priced[name ?? ''] ?? []),
  ];
}

function configLines({ resources, fleet, awake }: FlowContext): Line[] {
  const items =
    resources.length * assume('configItemsPerResource') + fleet.nodes * awake * assume('configItemsPerNode');
  return [
    line(section, 'Config items', 'config.items', items),
    line(section, 'Config rule evaluations', 'config.evaluations', items * assume('evaluationsPerItem')),
  ];
}

function hubLines({ resources }: FlowContext): Line[] {
  return [line(section, 'Security Hub checks', 'securityhub.checks', resources.length * assume('checksPerResource'))];
}
