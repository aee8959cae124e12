import { Module } from '@nestjs/common';
import { ChurnModule } from '../churn/churn.module.js';
import { TrainingService } from '../churn/training.service.js';
import { CONFIG, type Config } from '../config.js';
import { EventsModule } from '../events/events.module.js';
import { EventsService } from '../events/events.service.js';
import { RulesModule } from '../rules/rules.module.js';
import { RulesService } from '../rules/rules.service.js';
import { SettingsModule } from '../settings/settings.module.js';
import { Settings } from '../settings/settings.service.js';
import { StreamsModule } from '../streams/streams.module.js';
import { StreamsService } from '../streams/streams.service.js';
import { SubscribersModule } from '../subscribers/subscribers.module.js';
import { SubscribersService } from '../subscribers/subscribers.service.js';
import { DemoController } from './demo.controller.js';
import { DemoService } from './demo.service.js';

@Module({
  imports: [SettingsModule, StreamsModule, SubscribersModule, EventsModule, RulesModule, ChurnModule],
  controllers: [DemoController],
  providers: [
    {
      provide: DemoService,
      inject: [
        CONFIG,
        Settings,
        StreamsService,
        SubscribersService,
        EventsService,
        RulesService,
        TrainingService,
      ],
      useFactory: (
        config: Config,
        settings: Settings,
        streams: StreamsService,
        subscribers: SubscribersService,
        events: EventsService,
        rules: RulesService,
        training: TrainingService,
      ) => new DemoService(config, settings, streams, subscribers, events, rules, training),
    },
  ],
})
export class DemoModule {}
