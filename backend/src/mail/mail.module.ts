import { type DynamicModule, Module } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { SubscribersModule } from '../subscribers/subscribers.module.js';
import { type Resolve, systemResolve } from './authenticity.js';
import { MailListener } from './listener.js';
import { MailController } from './mail.controller.js';
import { MailService, RESOLVE } from './mail.service.js';

@Module({
  imports: [IntakeModule, SubscribersModule],
  controllers: [MailController],
  providers: [MailService, MailListener],
})
class MailModule {}

/** @param resolve in place of this machine's DNS */
export function mailModule(resolve: Resolve = systemResolve()): DynamicModule {
  return { module: MailModule, providers: [{ provide: RESOLVE, useValue: resolve }] };
}
