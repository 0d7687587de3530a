import type { Command } from 'commander';
import {
  createAddonsCommand,
  createAddonsCreateCommand,
  createAddonsDestroyCommand,
  createAddonsInfoCommand,
  createAddonsRenameCommand,
  createAddonsUpgradeCommand,
  createAddonsWaitCommand,
} from './addons.js';
import { createAddonsAttachCommand, createAddonsDetachCommand } from './addons-attach.js';
import {
  createAddonsDocsCommand,
  createAddonsPlansCommand,
  createAddonsServicesCommand,
} from './addons-catalog.js';
import { createAddonsInstallCommand } from './addons-install.js';
import {
  createAppsCommand,
  createAppsDestroyCommand,
  createAppsRenameCommand,
  createCreateCommand,
  createGitCloneCommand,
  createGitRemoteCommand,
} from './apps.js';
import {
  createBuildpacksAddCommand,
  createBuildpacksClearCommand,
  createBuildpacksCommand,
  createBuildpacksRemoveCommand,
  createBuildpacksSetCommand,
} from './buildpacks.js';
import {
  createBuildsCancelCommand,
  createBuildsCommand,
  createBuildsInfoCommand,
  createBuildsOutputCommand,
  createDeployCommand,
} from './builds.js';
import { createCheckCommand } from './check.js';
import { createClockAdvanceCommand, createClockCommand } from './clock.js';
import { createCompleteCommand, createCompletionCommand } from './completion.js';
import {
  createConfigCommand,
  createConfigGetCommand,
  createConfigSetCommand,
  createConfigUnsetCommand,
} from './config.js';
import { createDashboardCommand } from './dashboard.js';
import { createDoctorCommand } from './doctor.js';
import {
  createDomainsAddCommand,
  createDomainsCommand,
  createDomainsRemoveCommand,
  createDomainsWaitCommand,
  createStackCommand,
} from './domains.js';
import { createExportCommand } from './export.js';
import {
  createFeaturesCommand,
  createFeaturesDisableCommand,
  createFeaturesEnableCommand,
} from './features.js';
import { createEnvCommand, createHerokuCommand } from './heroku.js';
import { createHostCommand } from './host.js';
import { createHostInfoCommand, createHostStopCommand } from './host-info.js';
import { createInfoCommand } from './info.js';
import { createInitCommand } from './init.js';
import { createLogsCommand } from './logs.js';
import {
  createMaintenanceCommand,
  createMaintenanceOffCommand,
  createMaintenanceOnCommand,
} from './maintenance.js';
import { createMetricsCommand } from './metrics.js';
import { createOpenCommand } from './open.js';
import {
  createPgCredentialsCommand,
  createPgCredentialsRotateCommand,
  createPgCredentialsUrlCommand,
  createPgInfoCommand,
  createPgKillallCommand,
  createPgPromoteCommand,
  createPgResetCommand,
  createPgWaitCommand,
} from './pg.js';
import {
  createPgBackupsCaptureCommand,
  createPgBackupsCommand,
  createPgBackupsDeleteCommand,
  createPgBackupsDownloadCommand,
  createPgBackupsRestoreCommand,
  createPgBackupsUrlCommand,
} from './pg-backups.js';
import { createPgPullCommand, createPgPushCommand } from './pg-copy.js';
import { createPgPsCommand, createPgPsqlCommand } from './pg-psql.js';
import {
  createPgBackupsScheduleCommand,
  createPgBackupsSchedulesCommand,
  createPgBackupsUnscheduleCommand,
} from './pg-schedules.js';
import { createPsCommand } from './ps.js';
import { createPsAttachCommand } from './ps-attach.js';
import { createPsRestartCommand } from './ps-restart.js';
import { createPsScaleCommand } from './ps-scale.js';
import { createPsSleepCommand, createPsWakeCommand } from './ps-sleep.js';
import { createPsStopCommand } from './ps-stop.js';
import { createPsTypeCommand } from './ps-type.js';
import { createPsWaitCommand } from './ps-wait.js';
import {
  createRedisCliCommand,
  createRedisCredentialsCommand,
  createRedisInfoCommand,
  createRedisKeyspaceCommand,
  createRedisMaxmemoryCommand,
  createRedisTimeoutCommand,
  createRedisWaitCommand,
} from './redis.js';
import { createReleasesCommand, createReleasesInfoCommand } from './releases.js';
import { createReportCommand } from './report.js';
import { createReleasesRetryCommand, createRollbackCommand } from './rollback.js';
import { createPsExecCommand, createRunCommand, createRunDetachedCommand } from './run.js';
import {
  createSchedulerAddCommand,
  createSchedulerCommand,
  createSchedulerRemoveCommand,
} from './scheduler.js';
import { createStartCommand } from './start.js';
import { createStopCommand } from './stop.js';
import { createTestCommand } from './test.js';
import { createTrustCommand } from './trust.js';

/** Commands that belong together; those of an array share a line of the help, with the summary of the first. */
export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly (Command | readonly [Command, ...Command[]])[];
}

/** Every command, in the order of the help. */
export const COMMAND_GROUPS: readonly CommandGroup[] = [
  {
    title: 'Run an app',
    commands: [
      createStartCommand(),
      createInitCommand(),
      createTestCommand(),
      createCheckCommand(),
      createDoctorCommand(),
      createInfoCommand(),
      createOpenCommand(),
      createDashboardCommand(),
      createStopCommand(),
    ],
  },
  {
    title: 'Many apps, by name',
    commands: [
      [createHostCommand(), createHostInfoCommand(), createHostStopCommand()],
      createCreateCommand(),
      [createAppsCommand(), createAppsRenameCommand(), createAppsDestroyCommand()],
      createGitRemoteCommand(),
      createGitCloneCommand(),
      createDeployCommand(),
      [
        createBuildsCommand(),
        createBuildsInfoCommand(),
        createBuildsOutputCommand(),
        createBuildsCancelCommand(),
      ],
      [
        createBuildpacksCommand(),
        createBuildpacksSetCommand(),
        createBuildpacksAddCommand(),
        createBuildpacksRemoveCommand(),
        createBuildpacksClearCommand(),
      ],
      [
        createDomainsCommand(),
        createDomainsAddCommand(),
        createDomainsRemoveCommand(),
        createDomainsWaitCommand(),
      ],
      createStackCommand(),
    ],
  },
  {
    title: 'Dynos',
    commands: [
      createPsCommand(),
      createPsScaleCommand(),
      createPsRestartCommand(),
      createPsStopCommand(),
      createPsTypeCommand(),
      createPsWaitCommand(),
      createPsSleepCommand(),
      createPsWakeCommand(),
      createPsAttachCommand(),
      createPsExecCommand(),
      [createRunCommand(), createRunDetachedCommand()],
    ],
  },
  {
    title: 'Watch and steer',
    commands: [
      createLogsCommand(),
      createReportCommand(),
      createMetricsCommand(),
      [createMaintenanceCommand(), createMaintenanceOnCommand(), createMaintenanceOffCommand()],
      [createFeaturesCommand(), createFeaturesEnableCommand(), createFeaturesDisableCommand()],
      [createClockCommand(), createClockAdvanceCommand()],
    ],
  },
  {
    title: 'Config vars and releases',
    commands: [
      [createConfigCommand(), createConfigGetCommand(), createConfigSetCommand(), createConfigUnsetCommand()],
      [createReleasesCommand(), createReleasesInfoCommand(), createReleasesRetryCommand()],
      createRollbackCommand(),
    ],
  },
  {
    title: 'Add-ons',
    commands: [
      [
        createAddonsCommand(),
        createAddonsInfoCommand(),
        createAddonsRenameCommand(),
        createAddonsUpgradeCommand(),
        createAddonsWaitCommand(),
      ],
      createAddonsCreateCommand(),
      createAddonsDestroyCommand(),
      [createAddonsAttachCommand(), createAddonsDetachCommand()],
      [createAddonsServicesCommand(), createAddonsPlansCommand(), createAddonsDocsCommand()],
      createAddonsInstallCommand(),
      [
        createPgInfoCommand(),
        createPgWaitCommand(),
        createPgCredentialsCommand(),
        createPgCredentialsUrlCommand(),
        createPgCredentialsRotateCommand(),
        createPgPromoteCommand(),
        createPgKillallCommand(),
        createPgResetCommand(),
      ],
      [createPgPsqlCommand(), createPgPsCommand()],
      [createPgPullCommand(), createPgPushCommand()],
      [
        createPgBackupsCommand(),
        createPgBackupsCaptureCommand(),
        createPgBackupsUrlCommand(),
        createPgBackupsDownloadCommand(),
        createPgBackupsRestoreCommand(),
        createPgBackupsDeleteCommand(),
        createPgBackupsScheduleCommand(),
        createPgBackupsSchedulesCommand(),
        createPgBackupsUnscheduleCommand(),
      ],
      [
        createRedisInfoCommand(),
        createRedisCliCommand(),
        createRedisCredentialsCommand(),
        createRedisMaxmemoryCommand(),
        createRedisTimeoutCommand(),
        createRedisKeyspaceCommand(),
        createRedisWaitCommand(),
      ],
      [createSchedulerCommand(), createSchedulerAddCommand(), createSchedulerRemoveCommand()],
    ],
  },
  { title: 'Other engines', commands: [createExportCommand()] },
  { title: 'The real Heroku CLI', commands: [createHerokuCommand(), createEnvCommand()] },
  { title: 'Setup', commands: [createTrustCommand(), createCompletionCommand()] },
];

/** For programs, not for people. */
export const HIDDEN_COMMANDS: readonly Command[] = [createCompleteCommand()];
