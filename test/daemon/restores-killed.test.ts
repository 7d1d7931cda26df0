import { dataTransitions } from '@redcontrol/daemon';
import { testKilledRestores } from '../world/killed-restores.ts';

testKilledRestores(dataTransitions.filter((name) => !name.startsWith('backup.')));
