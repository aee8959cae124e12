import { churnFeatures } from '@secateur/models/churn';

/** Groups of features, in the order in which scores hold what each adds. Features of a group say much the same. */
export const featureGroups = [...new Set(churnFeatures.map(({ group }) => group))];

export const groupOf = (feature: string): string | undefined =>
  churnFeatures.find(({ name }) => name === feature)?.group;
