import { awsConfig } from './aws-config.ts'
import { awsTagging } from './aws-tagging.ts'
import { azureGraph } from './azure-graph.ts'
import { config } from './config.ts'
import type { Converter } from './converter.ts'
import { kubernetes } from './kubernetes.ts'
import { steampipe } from './steampipe.ts'
import { terraformState } from './terraform-state.ts'

/** All converters. A document that two recognize is of the first one. */
export const CONVERTERS: readonly Converter[] = [
  config,
  awsTagging,
  awsConfig,
  terraformState,
  azureGraph,
  kubernetes,
  // The last one: any array of objects may be rows.
  steampipe,
]
