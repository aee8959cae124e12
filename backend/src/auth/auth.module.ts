import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard } from './auth.guard.js';
import { KeysController } from './keys.controller.js';
import { Keys } from './keys.service.js';
import { RateLimits } from './rate-limit.js';
import { SessionController } from './session.controller.js';
import { Sessions } from './sessions.service.js';
import { Setup } from './setup.service.js';
import { Users } from './users.service.js';

/** Global for `RateLimits`, which the addresses under /u use. */
@Global()
@Module({
  controllers: [SessionController, KeysController],
  providers: [
    Keys,
    Users,
    Sessions,
    Setup,
    RateLimits,
    AuthGuard,
    { provide: APP_GUARD, useExisting: AuthGuard },
  ],
  exports: [RateLimits],
})
export class AuthModule {}
